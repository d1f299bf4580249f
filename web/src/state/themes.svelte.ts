// Themes, and what was just done to them.

import { api, asApiError } from '../api/client';
import type { ThemeChange, ThemeEdit, Themes } from '../api/types';
import { Changes } from './changes.svelte';

export interface ThemeAction {
  theme: string;
  edit: ThemeEdit;
}

class AllThemes extends Changes<ThemeAction, ThemeChange> {
  /** The hidden ones too. */
  all = $state.raw<Themes | null>(null);

  protected send = ({ theme, edit }: ThemeAction) => api.changeTheme(theme, edit);
  protected takeBack = (id: string) => api.undoThemeChange(id);

  async refresh(): Promise<void> {
    try {
      [this.all, this.error] = [await api.themes(), null];
    } catch (reason) {
      this.error = asApiError(reason);
    }
  }
}

export const themes = new AllThemes();

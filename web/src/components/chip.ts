// How the recognised parts of a question look: an icon and a name for each role.

import BookImage from '@lucide/svelte/icons/book-image';
import CalendarDays from '@lucide/svelte/icons/calendar-days';
import Camera from '@lucide/svelte/icons/camera';
import Copy from '@lucide/svelte/icons/copy';
import Image from '@lucide/svelte/icons/image';
import ListFilter from '@lucide/svelte/icons/list-filter';
import MapPin from '@lucide/svelte/icons/map-pin';
import Proportions from '@lucide/svelte/icons/proportions';
import Repeat from '@lucide/svelte/icons/repeat';
import Search from '@lucide/svelte/icons/search';
import Star from '@lucide/svelte/icons/star';
import Tag from '@lucide/svelte/icons/tag';
import Ticket from '@lucide/svelte/icons/ticket';
import UserRound from '@lucide/svelte/icons/user-round';

const ROLES = {
  person: { icon: UserRound, name: 'Person' },
  place: { icon: MapPin, name: 'Place' },
  time: { icon: CalendarDays, name: 'Time' },
  kind: { icon: Image, name: 'Kind' },
  camera: { icon: Camera, name: 'Camera' },
  rating: { icon: Star, name: 'Rating' },
  shape: { icon: Proportions, name: 'Shape' },
  event: { icon: Ticket, name: 'Event' },
  album: { icon: BookImage, name: 'Album' },
  theme: { icon: Repeat, name: 'Theme' },
  tag: { icon: Tag, name: 'Tag' },
  copies: { icon: Copy, name: 'Copies' },
  content: { icon: Search, name: 'Content' },
} as const;

export function lookOf(role: string): { icon: typeof Search; name: string } {
  return Object.hasOwn(ROLES, role) ? ROLES[role as keyof typeof ROLES] : { icon: ListFilter, name: role.replaceAll('_', ' ') };
}

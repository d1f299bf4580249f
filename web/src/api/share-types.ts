// What `/api/v1/albums/{id}/export` and `/api/v1/events/{id}/export` take.

/** A ZIP of files, a web page in a ZIP, a contact sheet or a photo book as PDF. */
export type ShareForm = 'zip' | 'page' | 'sheet' | 'book';

/** What is asked for; what is left out is as the server would have it. */
export interface ShareQuery {
  form: ShareForm;
  pictures?: 'originals' | 'copies';
  /** Longest edge of copies and of a page's pictures, pixels. */
  size?: number;
  /** An XMP sidecar beside every file. */
  sidecars?: boolean;
  /** Where pictures were taken is told. */
  location?: boolean;
  paper?: 'a4' | 'letter';
  /** What is kept from others is in it too. */
  private?: boolean;
  /** Of pictures that are all but the same only the best; so it is in a photo book when nothing is said. */
  once?: boolean;
}

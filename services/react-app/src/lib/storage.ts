/**
 * Web storage that never throws: a browser may block it or be out of room, and then what is kept
 * there (language, colour scheme, drafts) is simply not remembered.
 */

/** `getStorage` is a function since even naming `localStorage` throws where it is blocked. */
function safely(getStorage: () => Storage) {
  return {
    read(key: string): string | null {
      try {
        return getStorage().getItem(key);
      } catch {
        return null;
      }
    },
    write(key: string, value: string): void {
      try {
        getStorage().setItem(key, value);
      } catch {
        // Not remembered; everything else works.
      }
    },
    remove(key: string): void {
      try {
        getStorage().removeItem(key);
      } catch {
        // Nothing was kept.
      }
    },
  };
}

/** For as long as the browser keeps it. */
export const settings = safely(() => localStorage);
/** For this tab, reloads included. */
export const drafts = safely(() => sessionStorage);

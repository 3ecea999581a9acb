/** The environment variables that the build hands to the app. */
interface ImportMetaEnv {
  readonly VITE_API_URL?: string;
  readonly VITE_TRAEFIK_URL?: string;
}

const PATHS = {
  next: 'M5 5l9 7-9 7zM17 5h2.5v14H17z',
  skip: 'M4 5l7 7-7 7zM12 5l7 7-7 7z',
  hold: 'M12 4a8 8 0 1 0 8 8h-2.4A5.6 5.6 0 1 1 12 6.4V9l4.5-3.8L12 1.5z',
  sound: 'M4 9v6h4l5 4.5v-15L8 9zM15.5 8.2v7.6a4.3 4.3 0 0 0 0-7.6zM15.5 4.4v2a6 6 0 0 1 0 11.2v2a8 8 0 0 0 0-15.2z',
  soundOff:
    'M4 9v6h4l5 4.5v-15L8 9zM21 9.4L19.6 8 17.5 10.1 15.4 8 14 9.4l2.1 2.1L14 13.6l1.4 1.4 2.1-2.1 2.1 2.1 1.4-1.4-2.1-2.1z',
  expand: 'M4 4h6v2H6v4H4zM14 4h6v6h-2V6h-4zM4 14h2v4h4v2H4zM18 14h2v6h-6v-2h4z',
  plus: 'M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z',
  close: 'M6.4 5L5 6.4 10.6 12 5 17.6 6.4 19l5.6-5.6 5.6 5.6 1.4-1.4-5.6-5.6L19 6.4 17.6 5 12 10.6z',
  grip: 'M9 5h2v2H9zM13 5h2v2h-2zM9 11h2v2H9zM13 11h2v2h-2zM9 17h2v2H9zM13 17h2v2h-2z',
  up: 'M5 4h14v2H5zM12 8l6 6-1.4 1.4-3.6-3.6V20h-2v-8.2l-3.6 3.6L6 14z',
  lock: 'M12 2.5a4.5 4.5 0 0 0-4.5 4.5v3H6v11h12V10h-1.5V7A4.5 4.5 0 0 0 12 2.5zm-2.5 7.5V7a2.5 2.5 0 0 1 5 0v3z',
  tv: 'M4 5h16v11H4zM6 7v7h12V7zM8 18h8v2H8z',
  copy: 'M8 3h11v13h-2V5H8zM5 7h9v14H5z',
  check: 'M9.5 17.5L4 12l1.4-1.4 4.1 4.1L18.6 5.6 20 7z',
  alert: 'M12 3L2 20h20zM11 10h2v5h-2zM11 16.5h2v2h-2z',
  folder: 'M3 5h7l2 2h9v12H3z',
  trash: 'M9 3h6l1 2h4v2H4V5h4zM6 8h12l-1 13H7z',
  retry: 'M12 5V1.5L7.5 6 12 10.5V7a5 5 0 1 1-5 5H5a7 7 0 1 0 7-7z',
  help: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 14.8a1.1 1.1 0 1 1 0-2.2 1.1 1.1 0 0 1 0 2.2zm1-4.3h-2c0-2.9 2.6-2.9 2.6-4.4 0-.9-.7-1.5-1.6-1.5S10.3 8.300 10.300 9.300h-2A3.600 3.600 0 0 1 12 5.700c2.100 0 3.600 1.300 3.600 3.300 0 2.400-2.600 2.700-2.600 4.500z',
  chevron: 'M7 9l5 5 5-5 1.400 1.400L12 16.800 5.600 10.400z',
} as const;

export type IconName = keyof typeof PATHS;

/** A picture beside words, or inside a button that has a label of its own: never read out. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} fill="currentColor" fillRule="evenodd" />
    </svg>
  );
}

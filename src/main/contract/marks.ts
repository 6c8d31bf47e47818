/** The shapes that tell series apart without their colour, as SVG paths around the origin, about 12 wide. */
export const marks = {
  ring: { path: 'M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z', hollow: true },
  circle: { path: 'M-5.2 0a5.2 5.2 0 1 0 10.4 0a5.2 5.2 0 1 0-10.4 0z', hollow: false },
  triangle: { path: 'M0-5.6 5.6 4.5H-5.6z', hollow: false },
  square: { path: 'M-4.8-4.8H4.8V4.8H-4.8z', hollow: false },
  diamond: { path: 'M0-6 6 0 0 6-6 0z', hollow: false },
  wedge: { path: 'M0 5.6 5.6-4.5H-5.6z', hollow: false },
  cross: { path: 'M-2.1-6H2.1V-2.1H6V2.1H2.1V6H-2.1V2.1H-6V-2.1H-2.1z', hollow: false }
} as const satisfies Record<
  string,
  {
    /** The shape as an SVG path around the origin, about 12 wide. */
    path: string
    /** Whether only its line is drawn. */
    hollow: boolean
  }
>
export type MarkName = keyof typeof marks

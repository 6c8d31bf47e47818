/** The languages that the screens and the window speak; the command line is English. */
export const languages = ['en', 'de'] as const
export type Language = (typeof languages)[number]

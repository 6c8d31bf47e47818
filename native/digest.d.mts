export function digestOf(folder: string): string
export function packageFile(name: string, folder: string): string

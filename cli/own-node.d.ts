export function isNewEnough(version: string): boolean;
export function ownNode(): string | null;
export function goOnWith(node: string): void;

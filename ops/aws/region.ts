/** Whether a text has the form of the name of an AWS region, such as `eu-central-1`. */
export const isRegion = (text: string): boolean => /^[a-z0-9-]+$/.test(text);

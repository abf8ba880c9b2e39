/** The secret with which the benchmarks sign, and which the stub gives to whoever asks for one. */
export const signingSecret = 'bench-signing-secret-of-64-letters-as-secrets-manager-makes-them';

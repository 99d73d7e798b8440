/** Whom vendors are told of when a doctor asks: no user of a tenant's, by the narrowest pattern of theirs (Alibaba's UserId). */
export const DOCTOR = 'cec_token_bridge.doctor'

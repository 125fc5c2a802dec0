"""The box: ballots and envelopes while open, sealing, receipts and proofs."""

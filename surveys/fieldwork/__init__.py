"""A wave from draft to sealing: windows, frame, promise and minimums."""

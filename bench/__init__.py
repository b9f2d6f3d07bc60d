"""Speed, as ratios in one run and growth over size: `make bench`."""

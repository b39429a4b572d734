"""The main job, as a campaign manager does it: over JSON-2, and by nothing else."""

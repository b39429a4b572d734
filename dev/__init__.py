"""Set-up and the development server: standard library only, run by ``make``."""

# Differences of host 4.3.1; see twin.py.
@layout-4.3

# Differences of host 5.3a; see twin.py.
@interfaces
@loopback
@labels-5.3

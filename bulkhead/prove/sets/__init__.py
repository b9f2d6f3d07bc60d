"""The machinery of the proof: sets of sources, per destination and port.

survey      the network as bit sets: what is fact, whatever is unknown
unknowns    which parts nobody can judge
routing     which route a table chooses
standing    what routes and NACLs know of an end
ways/       which ways packets can take
layers/     what each layer lets through
local, far  whom local routes lead somewhere, and who comes by gateways
reading     all of that with every unknown shut, or with every unknown open
requests    whose requests arrive
replies     to whom replies return
relation    both together, for every protocol
by_port     sets that depend on a port
"""

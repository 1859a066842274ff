package vault

import (
	"github.com/KimMachineGun/automemlimit/memlimit"

	"github.com/patina-data/patina/profile/vault/internal/spill"
)

// leastMemory is what a run is given on any machine, and where the machine does not tell how much it has.
const leastMemory = 1 << 30

// DefaultMemory returns a quarter of the memory that the process may use: of the machine's, or of its control group's.
func DefaultMemory() int64 {
	least := uint64(0)
	for _, from := range []memlimit.Provider{memlimit.FromCgroup, memlimit.FromSystem} {
		if n, err := from(); err == nil && n > 0 && (least == 0 || n < least) {
			least = n
		}
	}
	return max(leastMemory, int64(min(least, 1<<60)/4))
}

// heldShare is the part of a run's memory for what grows with the rows; the rest is for dictionaries, counts and the model.
const heldShare = 0.6

// newStore returns a store for what a run of so much memory keeps of the rows.
func newStore(memory int64, held func(bytes int64)) *spill.Store {
	if memory <= 0 {
		memory = DefaultMemory()
	}
	s := spill.New(int64(float64(memory)*heldShare), "")
	s.OnHeld(held)
	return s
}

package cli

import (
	"errors"
	"runtime/debug"

	"github.com/dustin/go-humanize"
	"github.com/spf13/pflag"

	"github.com/patina-data/patina/profile/vault"
)

// A memoryFlag is the value of --memory, in bytes; 0 leaves it to the machine.
type memoryFlag int64

// apply makes the runtime collect garbage in time for the memory that may be used, and returns how much that is.
func (m memoryFlag) apply() int64 {
	bytes := int64(m)
	if bytes == 0 {
		bytes = vault.DefaultMemory()
	}
	debug.SetMemoryLimit(bytes)
	collectLess()
	return bytes
}

// roomForGarbage is how many bytes garbage may take, about, beside what a run holds of its data.
const roomForGarbage = 384 << 20

// collectFor lets garbage grow to what there is room for beside so many bytes that stay: a collection goes past these, and is cheap.
func collectFor(held int64) {
	debug.SetGCPercent(int(max(15, min(garbage, 100*roomForGarbage/max(1, held)))))
}

// garbage is how much of it there may be where memory is no matter, in percent of what is in use.
const garbage = 300

// collectLess lets garbage grow to three times what is in use before it is collected: rows come and go in batches, and a collection goes
// through all that stays.
func collectLess() { debug.SetGCPercent(garbage) }

// leastMemory is the least that --memory takes: below it the tables of a model alone may not fit.
const leastMemory = 64 << 20

func (m *memoryFlag) register(flags *pflag.FlagSet) {
	flags.Var(m, "memory", "how much memory to use, about, such as 2GB: what it does not suffice for goes into an encrypted temporary file (default: a quarter of the machine's, at least 1GB)")
}

func (m *memoryFlag) Type() string { return "SIZE" }

func (m *memoryFlag) String() string {
	if *m == 0 {
		return ""
	}
	return humanize.Bytes(uint64(*m))
}

func (m *memoryFlag) Set(s string) error {
	n, err := humanize.ParseBytes(s)
	if err != nil || n > 1<<60 {
		return errors.New("want a number of bytes, such as 512MB, 2GB or 4GiB")
	}
	if n < leastMemory {
		return errors.New("give at least 64MB")
	}
	*m = memoryFlag(n)
	return nil
}

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
	return bytes
}

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

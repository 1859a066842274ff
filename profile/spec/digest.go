package spec

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"reflect"
)

// Digest returns the SHA-256 of what the spec says, as 64 hexadecimal digits: the same for specs that differ in comments, order of keys, or
// in where a value is from. Fields that say nothing do not count, so that the digest of a spec outlives keys that are new in a version.
func (s *Spec) Digest() string {
	h := sha256.New()
	digest(h, reflect.ValueOf(*s), "", false)
	return hex.EncodeToString(h.Sum(nil))
}

// digest writes the leaves below v, each with its path. Zero values are left out unless they are stated.
func digest(h hash.Hash, v reflect.Value, path string, stated bool) {
	switch v.Kind() {
	case reflect.Struct:
		for f, value := range v.Fields() {
			if key := keyOf(f); key != "" {
				digest(h, value, path+"."+key, false)
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			digest(h, v.Elem(), path, true)
		}
	case reflect.Slice:
		for i := range v.Len() {
			digest(h, v.Index(i), fmt.Sprintf("%s[%d]", path, i), true)
		}
	default:
		if stated || !v.IsZero() {
			writeText(h, path)
			writeText(h, fmt.Sprint(v.Interface()))
		}
	}
}

// writeText writes a text after its length, so that texts cannot run into each other.
func writeText(h hash.Hash, text string) {
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(text))))
	h.Write([]byte(text))
}

// RunKey returns what makes a declared run of a dataset the same as an earlier one, as 64 hexadecimal digits: the dataset, what the spec
// says, the names that columns without a header line were given, and the run's ID. The data has no part in it: who says that it is
// the same run answers for that, and whether data changed is not for a ledger to tell.
func (s *Spec) RunKey(dataset string, columns []string, runID string) string {
	h := sha256.New()
	writeText(h, "patina run 1")
	writeText(h, dataset)
	writeText(h, s.Digest())
	writeText(h, fmt.Sprint(len(columns)))
	for _, c := range columns {
		writeText(h, c)
	}
	writeText(h, runID)
	return hex.EncodeToString(h.Sum(nil))
}

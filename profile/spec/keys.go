package spec

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// keyOf returns the key of a field, "" for a field that is not read.
func keyOf(f reflect.StructField) string {
	key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	if key == "-" {
		return ""
	}
	return key
}

func fieldOf(t reflect.Type, key string) (reflect.StructField, bool) {
	for f := range t.Fields() {
		if k := keyOf(f); k == key && k != "" {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

func keysOf(t reflect.Type) []string {
	var keys []string
	for f := range t.Fields() {
		if k := keyOf(f); k != "" {
			keys = append(keys, k)
		}
	}
	return keys
}

// unknownKey says which key may have been meant: one that is written nearly so, or one of another place.
func unknownKey(key string, t reflect.Type) error {
	keys := keysOf(t)
	best, least := "", max(1, len(key)/3)+1
	for _, k := range keys {
		if d := edits(strings.ToLower(key), k); d < least {
			best, least = k, d
		}
	}
	if best != "" {
		return fmt.Errorf("unknown key `%s`: did you mean `%s`?", oneLine(key), best)
	}
	if home := homeOf(key, reflect.TypeFor[Spec](), ""); home != "" {
		return fmt.Errorf("unknown key `%s`: did you mean the one of `%s`?", oneLine(key), home)
	}
	return fmt.Errorf("unknown key `%s`: there can be %s", oneLine(key), strings.Join(keys, ", "))
}

// homeOf returns the path below t at which a key exists, or "".
func homeOf(key string, t reflect.Type, path string) string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return ""
	}
	if path != "" && slices.Contains(keysOf(t), key) {
		return path
	}
	for f := range t.Fields() {
		if home := homeOf(key, f.Type, strings.TrimPrefix(path+"."+keyOf(f), ".")); keyOf(f) != "" && home != "" {
			return home
		}
	}
	return ""
}

// edits is how many letters have to be put in, left out, changed or swapped with their neighbour to make b of a: the optimal
// string alignment distance.
func edits(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for k := range rows[0] {
		rows[0][k] = k
	}
	for i := 1; i <= len(a); i++ {
		for k := 1; k <= len(b); k++ {
			change := 1
			if a[i-1] == b[k-1] {
				change = 0
			}
			rows[i][k] = min(rows[i-1][k]+1, rows[i][k-1]+1, rows[i-1][k-1]+change)
			if i > 1 && k > 1 && a[i-1] == b[k-2] && a[i-2] == b[k-1] {
				rows[i][k] = min(rows[i][k], rows[i-2][k-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

package crew

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

func TestEach(t *testing.T) {
	for _, n := range []int{0, 1, 2, 1000} {
		calls := make([]int, n)
		Each(n, func(i int) { calls[i]++ })
		if slices.ContainsFunc(calls, func(c int) bool { return c != 1 }) {
			t.Errorf("of %d numbers some were not called with once", n)
		}
	}
}

// TestPanicsAreHandedOver: the panic arrives where it can be recovered from, and says nothing of what it said before.
func TestPanicsAreHandedOver(t *testing.T) {
	for _, n := range []int{1, 50} {
		var calls atomic.Int64
		got := func() (got any) {
			defer func() { got = recover() }()
			Each(n, func(i int) {
				calls.Add(1)
				if i == n/2 {
					panic("4711 of a secret")
				}
			})
			return nil
		}()
		if text := fmt.Sprint(got); got == nil || strings.Contains(text, "4711") || !strings.HasPrefix(text, "vault: ") {
			t.Errorf("%d numbers: recovered %v", n, got)
		}
		if calls.Load() <= int64(n/2) {
			t.Errorf("%d numbers: only %d calls", n, calls.Load())
		}
	}
}

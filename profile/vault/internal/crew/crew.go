// Package crew is how the vault starts goroutines. A panic that nobody recovers from ends the process, and its text and its stack
// can tell what the vault holds. Recovering is for the goroutine that panics to do, so that a deferred function of the one
// that waits for it is no help: here the goroutine recovers, and the one that waits panics, with a text that says nothing.
package crew

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Each calls do with every number below n, on as many goroutines as there are processors. If one of the calls panics, those
// not begun are left out, and Each panics when the others have ended.
func Each(n int, do func(i int)) {
	Parts(n, func(next func() (int, bool)) {
		for i, ok := next(); ok; i, ok = next() {
			do(i)
		}
	})
}

// Parts calls work on as many goroutines as there are processors. Each calls next for the next of the numbers below n, until there is none; so
// work can add up over those it gets. Panics are as in [Each].
func Parts(n int, work func(next func() (i int, ok bool))) {
	var last atomic.Int64
	var panicked atomic.Bool
	var wait sync.WaitGroup
	next := func() (int, bool) {
		i := int(last.Add(1)) - 1
		return i, i < n && !panicked.Load()
	}
	for range min(n, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			defer func() {
				if recover() != nil {
					panicked.Store(true)
				}
			}()
			work(next)
		})
	}
	wait.Wait()
	if panicked.Load() {
		panic("vault: a goroutine panicked; its text is kept back")
	}
}

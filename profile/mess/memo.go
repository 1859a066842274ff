package mess

import (
	"strings"
	"sync"
)

// maxMemo bounds the texts that a memo remembers.
const maxMemo = 1 << 12

// A memo remembers what a function of a text said.
type memo[T any] struct {
	of   func(string) T
	mu   sync.RWMutex
	said map[string]T
}

func (m *memo[T]) get(s string) T {
	m.mu.RLock()
	v, ok := m.said[s]
	full := len(m.said) >= maxMemo
	m.mu.RUnlock()
	if ok {
		return v
	}
	if v = m.of(s); full {
		return v
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.said == nil {
		m.said = map[string]T{}
	}
	m.said[strings.Clone(s)] = v
	return v
}

package model

// Products are rounded before they are added: see exp.go.

// dot is Σ a·b, added up in four strands.
func dot(a, b []float64) float64 {
	var s [4]float64
	b = b[:len(a)]
	for len(a) >= 4 {
		s[0] += float64(a[0] * b[0])
		s[1] += float64(a[1] * b[1])
		s[2] += float64(a[2] * b[2])
		s[3] += float64(a[3] * b[3])
		a, b = a[4:], b[4:]
	}
	for i, v := range a {
		s[0] += float64(v * b[i])
	}
	return (s[0] + s[1]) + (s[2] + s[3])
}

// axpy adds c·x to y.
func axpy(y []float64, c float64, x []float64) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] += float64(c * v)
	}
}

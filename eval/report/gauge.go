package report

// A Gauge shows how much of something is used up.
type Gauge struct {
	Label string
	Used  float64 // ≥ 0; beyond Cap it is drawn as full
	Cap   float64 // > 0
	Text  string  // the two in words, with their unit
	Note  string  // "" if none
	Level Level
}

// Gauges are gauges side by side.
type Gauges []Gauge

func (g Gauges) view() (string, any) {
	type gauge struct {
		Gauge
		Class, Width string
	}
	out := make([]gauge, len(g))
	for i, one := range g {
		out[i] = gauge{one, one.Level.class(), percent(scale{0, one.Cap}.part(one.Used))}
	}
	return "gauges", out
}

package audit

import "math"

// z95 is the 97.5 % point of the standard normal distribution.
const z95 = 1.959964

// A Rate is how often an attack succeeded, with Wilson's 95 % interval.
type Rate struct {
	Attacks   int     `json:"attacks"`
	Successes int     `json:"successes"`
	Value     float64 `json:"value"`
	Low       float64 `json:"low"`
	High      float64 `json:"high"`
}

// newRate returns the rate of k successes in n attacks (Wilson 1927).
func newRate(k, n int) Rate {
	if n == 0 {
		return Rate{High: 1}
	}
	p, size, zz := float64(k)/float64(n), float64(n), z95*z95
	centre := (p + zz/(2*size)) / (1 + zz/size)
	half := z95 / (1 + zz/size) * math.Sqrt(p*(1-p)/size+zz/(4*size*size))
	return Rate{Attacks: n, Successes: k, Value: p, Low: max(0, centre-half), High: min(1, centre+half)}
}

// A Risk is an attack's success on records that were in the data and on others that were held out.
type Risk struct {
	Attack   string `json:"attack"`
	Column   string `json:"column,omitempty"` // that was guessed
	Training Rate   `json:"training"`
	Control  Rate   `json:"control"`
	// Residual is (training − control) / (1 − control): what the attack gains from records' having been in the data, beside what
	// it learns about anybody (Giomi et al. 2022, Anonymeter, §3.3), with the 95 % interval.
	Residual float64 `json:"residual"`
	Low      float64 `json:"low"`
	High     float64 `json:"high"`
}

// weigh fills in the residual risk. The two rates are of records of their own, so that their errors are independent.
func (r *Risk) weigh() {
	if r.Control.Value >= 1 || r.Training.Attacks == 0 {
		r.Low, r.High = -1, 1
		return
	}
	left := 1 - r.Control.Value
	r.Residual = (r.Training.Value - r.Control.Value) / left
	a := (r.Training.High - r.Training.Low) / 2
	b := (r.Control.High - r.Control.Low) / 2 * (1 - r.Training.Value) / left
	half := math.Hypot(a, b) / left
	r.Low, r.High = max(-1, r.Residual-half), min(1, r.Residual+half)
}

// surplus is how many standard errors of two independent rates the training rate is above the control's.
func (r *Risk) surplus() float64 {
	n, m := float64(r.Training.Attacks), float64(r.Control.Attacks)
	if n == 0 || m == 0 {
		return 0
	}
	p := float64(r.Training.Successes+r.Control.Successes) / (n + m)
	if p == 0 || p == 1 {
		return 0
	}
	return (r.Training.Value - r.Control.Value) / math.Sqrt(p*(1-p)*(1/n+1/m))
}

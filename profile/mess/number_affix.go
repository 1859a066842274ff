package mess

import (
	"slices"
	"strings"
)

// An affix is a currency or a unit beside a number, and the space between them.
type affix struct {
	text string // one of currencies or units; "" for none
	gap  gap
}

// A gap is the space between a number and an affix: none, a space or a no-break space.
type gap byte

const (
	noGap   gap = 0
	space   gap = ' '
	noBreak gap = '~'
)

const noBreakSpace = "\u00a0"

func (g gap) text() string {
	switch g {
	case space:
		return " "
	case noBreak:
		return noBreakSpace
	}
	return ""
}

func (g gap) mark() string {
	switch g {
	case space:
		return "_"
	case noBreak:
		return "~"
	}
	return ""
}

// cutGap cuts a gap off the front of a text.
func cutGap(s string) (gap, string) {
	for _, g := range []gap{space, noBreak} {
		if rest, ok := strings.CutPrefix(s, g.text()); ok {
			return g, rest
		}
	}
	return noGap, s
}

// cutGapMark cuts a gap's mark off the front of a form.
func cutGapMark(s string) (gap, string) {
	for _, g := range []gap{space, noBreak} {
		if rest, ok := strings.CutPrefix(s, g.mark()); ok {
			return g, rest
		}
	}
	return noGap, s
}

// currencies stand before a number or after it. The list is public, and part of the language of forms.
var currencies = set(`$ € £ ¥ ₹ ₽ ₩ ₪ ₫ ₱ ₺ ₴ ₦ ฿ ¢ US$ A$ AU$ C$ CA$ HK$ NZ$ S$ R$ kr kr. Kr zł Kč Ft Fr. Rs Rs.
	USD EUR GBP JPY CHF CAD AUD NZD CNY RMB HKD SGD INR KRW SEK NOK DKK ISK PLN CZK HUF RON BGN RUB UAH TRY ILS AED SAR ZAR
	BRL MXN ARS CLP THB IDR MYR PHP VND NGN KES EGP`)

// units stand after a number. Single letters that codes end in more often than amounts, as in 12A, are left out.
var units = set(`% ‰ k K M MM B bn Bn BN m mn Mn mio Mio mrd Mrd G T t kg Kg KG g mg µg μg ug lb lbs oz ton tons
	km m cm mm µm μm nm mi mile miles ft in inch inches yd yds km² m² m2 m³ m3 km2 ft² ft2 sqft sqm ha ac acres
	l L dl cl ml mL hl gal pt qt cc h hr hrs hour hours min mins minute minutes s sec secs second seconds ms µs μs us ns
	d day days w wk wks week weeks mo month months y yr yrs year years px pt em dpi MP
	bit bits byte bytes kB KB MB GB TB PB KiB MiB GiB TiB kbps Mbps Gbps Hz kHz MHz GHz mV kV mA mAh Ah kW MW GW Wh kWh MWh GWh
	kJ MJ kcal cal Cal Pa hPa kPa MPa bar mbar psi kN hp °C °F °K ° km/h kph mph m/s kmh rpm bpm
	x X × + pcs pc pieces items units people persons`)

// suffixes are all that may follow a number.
var suffixes = func() map[string]bool {
	all := map[string]bool{}
	for _, from := range []map[string]bool{currencies, units} {
		for s := range from {
			all[s] = true
		}
	}
	return all
}()

// maxAffix is the longest affix, in bytes.
const maxAffix = 8

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// prefixes holds the currencies by their first byte, longest first.
var prefixes = func() (t [256][]string) {
	for s := range currencies {
		t[s[0]] = append(t[s[0]], s)
	}
	for _, list := range t {
		slices.SortFunc(list, func(a, b string) int { return len(b) - len(a) })
	}
	return t
}()

// longestPrefix returns the longest currency that s starts with, or "".
func longestPrefix(s string) string {
	if s == "" {
		return ""
	}
	for _, p := range prefixes[s[0]] {
		if strings.HasPrefix(s, p) {
			return p
		}
	}
	return ""
}

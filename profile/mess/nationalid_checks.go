package mess

import "strings"

// The checks of national numbers. Each pair draws and tests characters without separators; the sources are the issuers'
// published rules.

// isSSN tests a US social security number: neither area, group nor serial may be zero, nor the area 666 or from 900
// (Social Security Administration, randomisation of 2011). There is no check digit.
func isSSN(s string) bool {
	return s[:3] != "000" && s[:3] != "666" && s[0] != '9' && s[3:5] != "00" && s[5:] != "0000"
}

func drawSSN(b []byte, r *Rand) {
	area := 1 + r.Int(898)
	if area >= 666 {
		area++
	}
	put(b[:3], area)
	put(b[3:5], 1+r.Int(99))
	put(b[5:], 1+r.Int(9999))
}

// drawLuhn sets the last digit, of Canadian insurance numbers too.
func drawLuhn(b []byte, r *Rand) { copy(b, checkDigit(string(b[:len(b)-1]), true, r)) }

// cpfDigit is a check digit of Brazil's CPF: weights descend to 2, modulo 11.
func cpfDigit(s string) byte {
	sum := 0
	for i := range len(s) {
		sum += int(s[i]-'0') * (len(s) + 1 - i)
	}
	return byte('0' + sum*10%11%10)
}

func isCPF(s string) bool {
	return cpfDigit(s[:9]) == s[9] && cpfDigit(s[:10]) == s[10] && strings.Trim(s, s[:1]) != ""
}

func drawCPF(b []byte, _ *Rand) {
	b[9] = cpfDigit(string(b[:9]))
	b[10] = cpfDigit(string(b[:10]))
}

// peselDigit is the check digit of Poland's PESEL.
func peselDigit(s string) byte {
	return byte('0' + (10-weighted(s, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3)%10)%10)
}

func isPESEL(s string) bool {
	month := number2(s[2:]) % 20 // the century is added to it
	return month >= 1 && month <= 12 && number2(s[4:]) >= 1 && number2(s[4:]) <= 31 && peselDigit(s) == s[10]
}

func drawPESEL(b []byte, r *Rand) {
	drawDate(b, "ymd", r)
	b[10] = peselDigit(string(b))
}

// dniLetters are the check letters of Spain's DNI, by the number modulo 23.
const dniLetters = "TRWAGMYFPDXBNJZSQVHLCKE"

func isDNI(s string) bool { return dniLetters[longNumber(s[:8])%23] == s[8] }

func drawDNI(b []byte, _ *Rand) { b[8] = dniLetters[longNumber(string(b[:8]))%23] }

// nieNumber reads the number of a Spanish NIE: its X, Y or Z stands for 0, 1 or 2.
func nieNumber(s string) (n int, ok bool) {
	at := strings.IndexByte("XYZ", s[0])
	return at*10_000_000 + longNumber(s[1:8]), at >= 0
}

func isNIE(s string) bool {
	n, ok := nieNumber(s)
	return ok && dniLetters[n%23] == s[8]
}

func drawNIE(b []byte, r *Rand) {
	b[0] = "XYZ"[r.Int(3)]
	n, _ := nieNumber(string(b))
	b[8] = dniLetters[n%23]
}

// hetuLetters are the check characters of Finland's HETU, by date and serial modulo 31.
const hetuLetters = "0123456789ABCDEFHJKLMNPRSTUVWXY"

// hetuParts splits a HETU with or without the letter of its century, which is a dash for the 20th.
func hetuParts(s string) (date, serial string, check byte) {
	if len(s) == 11 {
		return s[:6], s[7:10], s[10]
	}
	return s[:6], s[6:9], s[9]
}

func isHETU(s string) bool {
	date, serial, check := hetuParts(s)
	return isDay(2000, number2(date[2:]), number2(date)) && hetuLetters[longNumber(date+serial)%31] == check
}

func drawHETU(b []byte, r *Rand) {
	for range 64 { // two in three of the check characters are letters, as the layout has one
		drawDate(b, "dmy", r)
		if len(b) == 11 {
			b[6] = 'A'
		}
		put(b[len(b)-4:len(b)-1], 2+r.Int(898))
		date, serial, _ := hetuParts(string(b))
		if b[len(b)-1] = hetuLetters[longNumber(date+serial)%31]; !isDigit(b[len(b)-1]) {
			return
		}
	}
}

func isPNR(s string) bool {
	return isDay(2000, number2(s[2:]), number2(s[4:])%60) && luhn(s) // 60 is added to the day of people without a residence
}

func drawPNR(b []byte, r *Rand) {
	drawDate(b, "ymd", r)
	drawLuhn(b, r)
}

// isAHV tests Switzerland's: it starts with 756 and ends in the check digit of EAN-13.
func isAHV(s string) bool { return s[:3] == "756" && ean13(s) == s[12] }

func drawAHV(b []byte, _ *Rand) {
	copy(b, "756")
	b[12] = ean13(string(b))
}

func ean13(s string) byte {
	return byte('0' + (10-weighted(s, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3)%10)%10)
}

// isNIR tests France's: sex, year, month, place and order, then 97 less their remainder.
func isNIR(s string) bool {
	month := number2(s[3:])
	return (s[0] == '1' || s[0] == '2') && month >= 1 && month <= 12 && 97-longNumber(s[:13])%97 == number2(s[13:])
}

func drawNIR(b []byte, r *Rand) {
	b[0] = byte('1' + r.Int(2))
	put(b[3:5], 1+r.Int(12))
	put(b[13:], 97-longNumber(string(b[:13]))%97)
}

// rutDigit is the check character of Chile's RUT.
func rutDigit(s string) byte { return "0K987654321"[weighted(s, 3, 2, 7, 6, 5, 4, 3, 2)%11] }

func isRUT(s string) bool { return rutDigit(s) == s[8] }

func drawRUT(b []byte, r *Rand) {
	letter := b[8] >= 'A'
	for range 256 { // one in eleven has the letter
		put(b[:8], 1_000_000+r.Int(24_000_000))
		if b[8] = rutDigit(string(b)); letter == (b[8] == 'K') {
			return
		}
	}
}

// isNINO tests a British insurance number: its first letters are none of those left out, its last is A to D.
func isNINO(s string) bool {
	return !strings.ContainsAny(s[:1], "DFIQUV") && !strings.ContainsAny(s[1:2], "DFIQUVO") && !strings.Contains(" BG GB NK KN TN NT ZZ ", " "+s[:2]+" ") && s[8] >= 'A' && s[8] <= 'D'
}

func drawNINO(b []byte, r *Rand) {
	b[0], b[1], b[8] = "ABCEHJLMOPRSTWXY"[r.Int(16)], "ABCEHJLMPRSTWXY"[r.Int(15)], "ABCD"[r.Int(4)]
}

// dihedral is the multiplication of D5, and shuffle the permutation of Verhoeff's check (1969), which India's Aadhaar has.
var (
	dihedral = [10]string{"0123456789", "1234067895", "2340178956", "3401289567", "4012395678", "5987604321", "6598710432", "7659821043", "8765932104", "9876543210"}
	shuffle  = [8]string{"0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258"}
)

func verhoeff(s string) bool {
	c := 0
	for i := range len(s) {
		c = int(dihedral[c][shuffle[i%8][s[len(s)-1-i]-'0']-'0'] - '0')
	}
	return c == 0 && s[0] >= '2'
}

func drawAadhaar(b []byte, r *Rand) {
	b[0] = byte('2' + r.Int(8))
	for c := byte('0'); c <= '9'; c++ {
		if b[11] = c; verhoeff(string(b)) {
			return
		}
	}
}

// ricDigit is the check character of China's resident number, ISO 7064 mod 11-2.
func ricDigit(s string) byte {
	return "10X98765432"[weighted(s, 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)%11]
}

func isRIC(s string) bool {
	year := small(s[6:10])
	return year >= 1900 && year < 2100 && isDay(year, number2(s[10:]), number2(s[12:])) && ricDigit(s) == s[17]
}

func drawRIC(b []byte, r *Rand) {
	letter := b[17] >= 'A'
	for range 256 { // one in eleven has the letter
		copy(b, pick([]string{"11", "31", "44", "51", "32"}, r))
		copy(b[6:], "19")
		drawDate(b[8:14], "ymd", r)
		put(b[14:17], r.Int(1000))
		if b[17] = ricDigit(string(b)); letter == (b[17] == 'X') {
			return
		}
	}
}

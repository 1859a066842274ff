package mess

// luhn reports whether digits pass the check of ISO/IEC 7812, as payment cards do.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// Lengths of an IBAN, ISO 13616.
const minIBAN, maxIBAN = 15, 34

// holdsIBAN reports whether a text holds an account number that passes ISO 7064's check, whole or in groups.
func holdsIBAN(s string) bool {
	for i := range len(s) {
		if (i == 0 || !isAlphanumeric(s[i-1])) && isIBAN(s[i:]) {
			return true
		}
	}
	return false
}

// isIBAN reports whether s starts with an IBAN that ends where a word does.
func isIBAN(s string) bool {
	var account [maxIBAN]byte
	n, digits := 0, 0
	for i := 0; i < len(s) && n < maxIBAN; i++ {
		c := s[i]
		if c == ' ' || c == '-' || c == '.' {
			continue
		}
		if !isAlphanumeric(c) {
			return false
		}
		if c >= 'a' {
			c -= 'a' - 'A'
		}
		account[n] = c
		n++
		switch {
		case n <= 2 && isDigit(c), (n == 3 || n == 4) && !isDigit(c):
			return false
		case isDigit(c):
			digits++
		}
		ends := i+1 == len(s) || !isAlphanumeric(s[i+1])
		if n >= minIBAN && digits >= minIBANDigits && ends && mod97(account[4:n], account[:4]) == 1 {
			return true
		}
	}
	return false
}

// mod97 reads the parts one after the other as a number, letters as 10 to 35, modulo 97.
func mod97(parts ...[]byte) int {
	n := 0
	for _, part := range parts {
		for _, c := range part {
			if isDigit(c) {
				n = (n*10 + int(c-'0')) % 97
			} else {
				n = (n*100 + int(c-'A') + 10) % 97
			}
		}
	}
	return n
}

func isAlphanumeric(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

package seal

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// number copies the number at pos in canonical form.
func (c *canon) number() error {
	start := c.pos
	for c.pos < len(c.src) && strings.IndexByte("+-.0123456789eE", c.src[c.pos]) >= 0 {
		c.pos++
	}
	text := string(c.src[start:c.pos])
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		c.out = strconv.AppendInt(c.out, n, 10)
		return nil
	}
	if n, err := strconv.ParseUint(text, 10, 64); err == nil {
		c.out = strconv.AppendUint(c.out, n, 10)
		return nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return fmt.Errorf("数字“%s”太大或太小，无法准确保存", text)
	}
	written := formatFloat(f)
	if !sameDecimal(text, written) {
		return fmt.Errorf("数字“%s”的位数太多，无法准确保存", text)
	}
	c.out = append(c.out, written...)
	return nil
}

// formatFloat writes a number as ECMAScript's Number::toString does.
func formatFloat(f float64) string {
	if f == 0 {
		return "0"
	}
	if a := math.Abs(f); a >= 1e-6 && a < 1e21 {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	s := strconv.FormatFloat(f, 'e', -1, 64)
	if n := len(s); s[n-2] == '0' && (s[n-3] == '-' || s[n-3] == '+') {
		s = s[:n-2] + s[n-1:] // ECMAScript writes e-7, Go e-07
	}
	return s
}

func sameDecimal(a, b string) bool {
	x, xe, err1 := decimal(a)
	y, ye, err2 := decimal(b)
	return err1 == nil && err2 == nil && x == y && xe == ye
}

// decimal splits a JSON number into its sign and significant digits and the
// power of ten they are multiplied by, so that equal values have equal parts.
func decimal(text string) (digits string, exponent int, err error) {
	sign := ""
	if rest, ok := strings.CutPrefix(text, "-"); ok {
		sign, text = "-", rest
	}
	mantissa, power, _ := strings.Cut(strings.ToLower(text), "e")
	if power != "" {
		if exponent, err = strconv.Atoi(power); err != nil {
			return "", 0, err
		}
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	exponent -= len(fraction)
	digits = strings.TrimLeft(whole+fraction, "0")
	cut := strings.TrimRight(digits, "0")
	exponent += len(digits) - len(cut)
	if cut == "" {
		return "", 0, nil
	}
	return sign + cut, exponent, nil
}

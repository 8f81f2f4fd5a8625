package statute

import (
	"errors"
	"strconv"
	"strings"
)

// Fen is an amount of money in fen, one hundredth of a yuan.
type Fen int64

// MaxFen is the largest amount read or worded: 999,999,999,999.99 yuan.
const MaxFen Fen = 99_999_999_999_999

// The faults of an amount as typed, each a whole sentence for the person who typed it.
var (
	errAmountEmpty    = errors.New("金额没有填写，请填写以元为单位的数字。")
	errAmountForm     = errors.New("金额写法无法识别，请只填写数字，如“12,345.60”。")
	errAmountNegative = errors.New("金额不能是负数，请填写大于等于零的数字。")
	errAmountGroups   = errors.New("金额中的千位分隔符位置不对，请写成“12,345.60”的样子。")
	errAmountFine     = errors.New("金额精确到分，最多两位小数，请更正。")
	errAmountLarge    = errors.New("金额过大，请核对小数点和单位。")
	errAmountWan      = errors.New("金额带有“万”，这里以元为单位，请换算成元后填写。")
	errAmountNotWan   = errors.New("以万元为单位的金额最多六位小数，请更正。")
)

// ParseFen reads an amount in yuan as people type it and as spreadsheets keep it: separators
// in groups of three, a currency sign of either width, 元 at the end, full-width digits. A
// value a spreadsheet left a hair off a whole fen (8568.879999999999) is rounded; an amount
// that truly has a part of a fen is an error, as is a negative one.
func ParseFen(text string) (Fen, error) {
	t := plainAmount(text)
	if strings.HasSuffix(strings.TrimSuffix(t, "元"), "万") {
		return 0, errAmountWan
	}
	return scaled(trimYuan(t), 2, errAmountFine)
}

// ParseWan reads an amount in 万元, with or without that unit written behind it.
func ParseWan(text string) (Fen, error) {
	t := strings.TrimSuffix(plainAmount(text), "元")
	return scaled(strings.TrimSuffix(t, "万"), 6, errAmountNotWan)
}

// plainAmount makes digits and signs half-width and takes the currency name off the front.
func plainAmount(text string) string {
	t := strings.TrimSpace(strings.Map(halfWidth, text))
	for _, sign := range []string{"人民币", "RMB", "CNY", "¥"} {
		t = strings.TrimSpace(strings.TrimPrefix(t, sign))
	}
	return t
}

func trimYuan(t string) string {
	t = strings.TrimSuffix(t, "整")
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(t, "元"), "圆"))
}

// halfWidth maps the full-width forms to ASCII, every kind of blank to a blank, and the yen
// sign in its full width to the narrow one.
func halfWidth(r rune) rune {
	switch {
	case r >= '\uff01' && r <= '\uff5e':
		return r - 0xfee0
	case r == '\u3000' || r == '\u00a0' || r == '\u2007' || r == '\u202f' || r == '\t':
		return ' '
	case r == '\uffe5':
		return '\u00a5'
	case r == '\u2212':
		return '-'
	}
	return r
}

// scaled reads a decimal number of the unit 10^places fen.
func scaled(t string, places int, tooFine error) (Fen, error) {
	if t == "" {
		return 0, errAmountEmpty
	}
	if t[0] == '-' || t[0] == '(' {
		return 0, errAmountNegative
	}
	whole, fraction, point := strings.Cut(strings.TrimPrefix(t, "+"), ".")
	whole, err := ungroup(whole)
	if err != nil {
		return 0, err
	}
	if !digits(whole) || !digits(fraction) || whole == "" || point && fraction == "" {
		return 0, errAmountForm
	}
	up, ok := residue(fraction, places)
	if !ok {
		return 0, tooFine
	}
	fraction = (fraction + strings.Repeat("0", places))[:places]
	number := strings.TrimLeft(whole+fraction, "0")
	if len(number) > len("99999999999999") {
		return 0, errAmountLarge
	}
	n, _ := strconv.ParseInt("0"+number, 10, 64) // at most fourteen digits
	if Fen(n)+up > MaxFen {
		return 0, errAmountLarge
	}
	return Fen(n) + up, nil
}

// residue judges the digits finer than a fen: noise of binary floating point within a
// thousandth of a fen is rounded (0 or 1 fen up), anything else is not ok.
func residue(fraction string, places int) (up Fen, ok bool) {
	if len(fraction) <= places {
		return 0, true
	}
	rest := fraction[places:]
	switch {
	case strings.Trim(rest, "0") == "" || strings.HasPrefix(rest, "0000"):
		return 0, true
	case strings.HasPrefix(rest, "9999"):
		return 1, true
	}
	return 0, false
}

// ungroup takes commas or blanks out of a whole number when they stand every three digits.
func ungroup(whole string) (string, error) {
	groups := strings.FieldsFunc(whole, func(r rune) bool { return r == ',' || r == ' ' })
	if strings.Count(whole, ",")+strings.Count(whole, " ") == 0 {
		return whole, nil
	}
	plain := strings.Join(groups, "")
	if len(groups) < 2 || len(groups[0]) > 3 || len(plain) != len(groups[0])+3*(len(groups)-1) {
		return "", errAmountGroups
	}
	for _, g := range groups[1:] {
		if len(g) != 3 {
			return "", errAmountGroups
		}
	}
	if len(whole) != len(plain)+len(groups)-1 {
		return "", errAmountGroups
	}
	return plain, nil
}

func digits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

// String writes the amount in yuan with separators and two decimals: 693,936.76.
func (f Fen) String() string {
	plain := f.Plain()
	sign := ""
	if plain[0] == '-' {
		sign, plain = "-", plain[1:]
	}
	point := len(plain) - 3
	var b strings.Builder
	b.WriteString(sign)
	for i, r := range plain {
		if i > 0 && i < point && (point-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Plain writes the amount in yuan with two decimals and no separators: 693936.76.
func (f Fen) Plain() string {
	sign, magnitude := "", uint64(f)
	if f < 0 {
		sign, magnitude = "-", -uint64(f)
	}
	s := strconv.FormatUint(magnitude, 10)
	if len(s) < 3 {
		s = strings.Repeat("0", 3-len(s)) + s
	}
	return sign + s[:len(s)-2] + "." + s[len(s)-2:]
}

// Wan writes the amount in 万元 without trailing zeros: 69.393676.
func (f Fen) Wan() string {
	sign, magnitude := "", uint64(f)
	if f < 0 {
		sign, magnitude = "-", -uint64(f)
	}
	s := strconv.FormatUint(magnitude, 10)
	if len(s) < 7 {
		s = strings.Repeat("0", 7-len(s)) + s
	}
	return sign + strings.TrimRight(strings.TrimRight(s[:len(s)-6]+"."+s[len(s)-6:], "0"), ".")
}

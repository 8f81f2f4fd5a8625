package statute

import (
	"errors"
	"strings"
)

// The amount in capital characters, after 《正确填写票据和结算凭证的基本规定》.

const (
	capitalDigits = "零壹贰叁肆伍陆柒捌玖"
	zeroRune      = '零'
)

var errCapital = errors.New("大写金额写法不规范，请按“人民币壹万贰仟元整”的样子填写。")

// zeros chooses, where the rules leave it open, whether 零 is written: one bit for the place
// after 亿, after 万 and after 元.
type zeros uint8

const (
	zeroAfterYi zeros = 1 << iota
	zeroAfterWan
	zeroAfterYuan
	everyZero = zeroAfterYi | zeroAfterWan | zeroAfterYuan

	// usual is the form this program writes.
	usual = zeroAfterYuan
)

// Capital writes the amount in capital characters with 人民币 before it. The amount must lie
// between 0 and [MaxFen]; outside there is no form and the answer is empty.
func (f Fen) Capital() string {
	if f < 0 || f > MaxFen {
		return ""
	}
	return "人民币" + capital(f, usual)
}

func capital(f Fen, z zeros) string {
	yuan, jiao, fen := int64(f/100), int(f/10%10), int(f%10)
	var b strings.Builder
	b.WriteString(capitalYuan(yuan, z))
	switch {
	case yuan > 0 || f == 0:
		if f == 0 {
			b.WriteRune(zeroRune)
		}
		b.WriteString("元")
	}
	if jiao == 0 && fen == 0 {
		return b.String() + "整"
	}
	if yuan > 0 && (jiao == 0 || yuan%10 == 0 && z&zeroAfterYuan != 0) {
		b.WriteRune(zeroRune)
	}
	if jiao > 0 {
		b.WriteString(capitalDigit(jiao) + "角")
	}
	if fen > 0 {
		b.WriteString(capitalDigit(fen) + "分")
	}
	return b.String()
}

// capitalYuan writes the whole yuan in sections of four digits.
func capitalYuan(yuan int64, z zeros) string {
	sections := []struct {
		value  int
		unit   string
		choice zeros // whether 零 before this section is a choice, and its bit
	}{
		{int(yuan / 1e8), "亿", 0},
		{int(yuan / 1e4 % 1e4), "万", zeroAfterYi},
		{int(yuan % 1e4), "", zeroAfterWan},
	}
	var b strings.Builder
	before := -1 // the section written or passed before this one
	skipped := false
	for _, s := range sections {
		if s.value == 0 {
			skipped = b.Len() > 0
			continue
		}
		if b.Len() > 0 {
			switch {
			case skipped || s.value < 1000:
				b.WriteRune(zeroRune)
			case before%10 == 0 && z&s.choice != 0:
				b.WriteRune(zeroRune)
			}
		}
		b.WriteString(capitalSection(s.value) + s.unit)
		before, skipped = s.value, false
	}
	return b.String()
}

// capitalSection writes 1–9999; zeros inside, single or repeated, become one 零.
func capitalSection(n int) string {
	var b strings.Builder
	pending := false
	for _, place := range []struct {
		size int
		unit string
	}{{1000, "仟"}, {100, "佰"}, {10, "拾"}, {1, ""}} {
		d := n / place.size % 10
		if d == 0 {
			pending = b.Len() > 0
			continue
		}
		if pending {
			b.WriteRune(zeroRune)
			pending = false
		}
		b.WriteString(capitalDigit(d) + place.unit)
	}
	return b.String()
}

func capitalDigit(d int) string { return string([]rune(capitalDigits)[d]) }

// variants are spellings that mean the same in a capital amount.
var variants = strings.NewReplacer("圆", "元", "圓", "元", "億", "亿", "萬", "万", "貳", "贰", "參", "叁",
	"陸", "陆", "〇", "零", "正", "整", " ", "", "\u3000", "")

// ReadCapital reads an amount in capital characters, in any of the forms the rules accept:
// 零 written or left out after 亿, 万 and 元, 整 or 正, with or without 人民币 before it.
func ReadCapital(text string) (Fen, error) {
	t := strings.TrimPrefix(variants.Replace(text), "人民币")
	value, ok := sumCapital(t)
	if !ok {
		return 0, errCapital
	}
	endsAtJiao := strings.HasSuffix(t, "角整")
	for z := zeros(0); z <= everyZero; z++ {
		form := capital(value, z)
		if form == t || endsAtJiao && form+"整" == t {
			return value, nil
		}
	}
	return 0, errCapital
}

// sumCapital adds digits and units up without asking whether the form is right.
func sumCapital(t string) (Fen, bool) {
	var total, section, digit int64
	for _, r := range t {
		if d := strings.IndexRune(capitalDigits, r); d >= 0 {
			digit = int64(d / len("零"))
			continue
		}
		switch r {
		case '拾', '佰', '仟':
			section += digit * map[rune]int64{'拾': 10, '佰': 100, '仟': 1000}[r]
		case '万':
			total, section = total+(section+digit)*1e4*100, 0
		case '亿':
			total, section = total+(section+digit)*1e8*100, 0
		case '元':
			total, section = total+(section+digit)*100, 0
		case '角':
			total += digit * 10
		case '分':
			total += digit
		case '整':
		default:
			return 0, false
		}
		digit = 0
		if total > int64(MaxFen) || section > 1e6 {
			return 0, false
		}
	}
	return Fen(total), true
}

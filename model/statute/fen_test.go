package statute_test

import (
	"strings"
	"testing"

	"anxin/model/statute"

	"pgregory.net/rapid"
)

var amounts = map[string]statute.Fen{
	"12,345.60":            1_234_560,
	"¥35382.35":            3_538_235,
	"\uffe535382.35":       3_538_235,
	"８５６８．８８":              856_888,
	"８，５６８．８８元":            856_888,
	"8568.879999999999":    856_888,
	"8568.880000000001":    856_888,
	"8568.8799999999992":   856_888,
	"99.999999999999":      10_000,
	" 人民币 12 345.60 元 ":    1_234_560,
	"1000":                 100_000,
	"1,000.5":              100_050,
	"0":                    0,
	"0.01":                 1,
	".5":                   -1, // refused: no digit before the point
	"007.10":               710,
	"12.3400":              1_234,
	"+3.00":                300,
	"999,999,999,999.99":   statute.MaxFen,
	"1,000,000,000,000":    -1,
	"99999999999999999999": -1,
	"12.345":               -1,
	"12.3":                 1_230,
	"12.":                  -1,
	"1,2345.00":            -1,
	"12,34":                -1,
	",123":                 -1,
	"1,,234":               -1,
	"1,234,":               -1,
	"-12.30":               -1,
	"(12.30)":              -1,
	"":                     -1,
	"元":                    -1,
	"12万":                  -1,
	"12.5万元":               -1,
	"1.2E+4":               -1,
	"一百元":                  -1,
	"12.3.4":               -1,
	"1e3":                  -1,
}

func TestParseFen(t *testing.T) {
	for text, want := range amounts {
		got, err := statute.ParseFen(text)
		if want < 0 {
			if err == nil || !strings.HasSuffix(err.Error(), "。") {
				t.Errorf("%q = %v, %v; want an error in words", text, got, err)
			}
			continue
		}
		if err != nil || got != want {
			t.Errorf("%q = %d, %v; want %d", text, got, err, want)
		}
	}
}

func TestParseWan(t *testing.T) {
	for text, want := range map[string]statute.Fen{
		"69.393676":   69_393_676,
		"12.5万元":      12_500_000,
		"12万":         12_000_000,
		"1,000":       1_000_000_000,
		"0.000001":    1,
		"0.0000015":   -1,
		"100,000,000": -1,
	} {
		got, err := statute.ParseWan(text)
		if want >= 0 && (err != nil || got != want) || want < 0 && err == nil {
			t.Errorf("%q = %d, %v; want %d", text, got, err, want)
		}
	}
}

func TestFormat(t *testing.T) {
	for amount, want := range map[statute.Fen][3]string{
		69_393_676:  {"693,936.76", "693936.76", "69.393676"},
		0:           {"0.00", "0.00", "0"},
		5:           {"0.05", "0.05", "0.000005"},
		100_000:     {"1,000.00", "1000.00", "0.1"},
		-123_456:    {"-1,234.56", "-1234.56", "-0.123456"},
		100_000_000: {"1,000,000.00", "1000000.00", "100"},
		-1 << 63:    {"-92,233,720,368,547,758.08", "-92233720368547758.08", "-9223372036854.775808"},
	} {
		if got := [3]string{amount.String(), amount.Plain(), amount.Wan()}; got != want {
			t.Errorf("%d: %v, want %v", int64(amount), got, want)
		}
	}
}

func TestCapital(t *testing.T) {
	for amount, want := range map[statute.Fen]string{
		140_950:            "人民币壹仟肆佰零玖元伍角",
		600_714:            "人民币陆仟零柒元壹角肆分",
		1_640_902:          "人民币壹万陆仟肆佰零玖元零贰分",
		32_504:             "人民币叁佰贰拾伍元零肆分",
		168_032:            "人民币壹仟陆佰捌拾元零叁角贰分",
		10_700_053:         "人民币壹拾万柒仟元零伍角叁分",
		1_000:              "人民币壹拾元整",
		69_393_676:         "人民币陆拾玖万叁仟玖佰叁拾陆元柒角陆分",
		0:                  "人民币零元整",
		50:                 "人民币伍角",
		5:                  "人民币伍分",
		100_000_00:         "人民币壹拾万元整",
		100_500_00:         "人民币壹拾万零伍佰元整",
		1_0000_5000_00:     "人民币壹亿零伍仟元整",
		10_0000_0000_00:    "人民币壹拾亿元整",
		1005:               "人民币壹拾元零伍分",
		9999_9999_9999_99:  "人民币玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
		-1:                 "",
		statute.MaxFen + 1: "",
	} {
		if got := amount.Capital(); got != want {
			t.Errorf("%d: %s, want %s", int64(amount), got, want)
		}
	}
}

func TestReadCapital(t *testing.T) {
	for text, want := range map[string]statute.Fen{
		"人民币壹仟陆佰捌拾元零叁角贰分":    168_032,
		"人民币壹仟陆佰捌拾元叁角贰分":     168_032,
		"人民币壹拾万柒仟元零伍角叁分":     10_700_053,
		"人民币壹拾万零柒仟元伍角叁分":     10_700_053,
		"人民币壹拾万零柒仟元零伍角叁分":    10_700_053,
		"壹拾万柒仟元伍角叁分":         10_700_053,
		"壹仟肆佰零玖圆伍角整":         140_950,
		"人民币 伍佰元正":           50_000,
		"壹萬貳仟圓整":             1_200_000,
		"零元整":                0,
		"人民币拾元整":             -1, // must be 壹拾元整
		"人民币陆仟柒元壹角肆分":        -1, // the zero inside may not be left out
		"人民币壹拾万零零柒仟元整":       -1,
		"人民币叁佰贰拾伍元零肆分整":      -1,
		"人民币伍佰元":             -1,
		"一千元整":               -1,
		"":                   -1,
		"人民币":                -1,
		"玖亿玖亿玖亿玖亿元整":         -1,
		"元整":                 -1,
		"玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖亿元整": -1,
	} {
		got, err := statute.ReadCapital(text)
		if want >= 0 && (err != nil || got != want) || want < 0 && err == nil {
			t.Errorf("%s = %d, %v; want %d", text, got, err, want)
		}
	}
}

func TestAmountRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Plain draws favour small numbers, so the digits are drawn one by one as well.
		amount := statute.Fen(rapid.Int64Range(0, 1e13).Draw(t, "fen"))
		if rapid.Bool().Draw(t, "by digits") {
			amount = 0
			for _, d := range rapid.SliceOfN(rapid.SampledFrom([]int{0, 0, 0, 1, 5, 9}), 1, 13).Draw(t, "digits") {
				amount = amount*10 + statute.Fen(d)
			}
		}
		if back, err := statute.ReadCapital(amount.Capital()); err != nil || back != amount {
			t.Fatalf("%d → %s → %d, %v", int64(amount), amount.Capital(), int64(back), err)
		}
		for _, text := range []string{amount.String(), amount.Plain(), "¥" + amount.String() + "元"} {
			if back, err := statute.ParseFen(text); err != nil || back != amount {
				t.Fatalf("%d → %s → %d, %v", int64(amount), text, int64(back), err)
			}
		}
		if back, err := statute.ParseWan(amount.Wan()); err != nil || back != amount {
			t.Fatalf("%d → %s万元 → %d, %v", int64(amount), amount.Wan(), int64(back), err)
		}
	})
}

func FuzzParseFen(f *testing.F) {
	for text := range amounts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		amount, err := statute.ParseFen(text)
		if err != nil {
			return
		}
		if amount < 0 || amount > statute.MaxFen {
			t.Fatalf("%q = %d", text, amount)
		}
		if back, err := statute.ParseFen(amount.String()); err != nil || back != amount {
			t.Fatalf("%q = %d, written %s, read %d, %v", text, amount, amount, back, err)
		}
	})
}

func FuzzReadCapital(f *testing.F) {
	f.Add("人民币陆拾玖万叁仟玖佰叁拾陆元柒角陆分")
	f.Add("壹拾万零柒仟圆整")
	f.Add("亿万元角分整")
	f.Fuzz(func(t *testing.T, text string) {
		amount, err := statute.ReadCapital(text)
		if err != nil {
			return
		}
		if back, err := statute.ReadCapital(amount.Capital()); err != nil || back != amount {
			t.Fatalf("%q = %d, written %s, read %d, %v", text, amount, amount.Capital(), back, err)
		}
	})
}

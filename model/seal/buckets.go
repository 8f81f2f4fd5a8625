package seal

import "filippo.io/edwards25519"

// bucketsPay is from how many points on buckets cost less than a table for each.
const bucketsPay = 200

// weighted is the sum of weights[i]·points[i], the weights little-endian. It
// takes the time it takes and is for what is no secret.
//
// For each digit of the weights, the highest first, the points with the same
// digit are added into one bucket, and the buckets then added by the value of
// their digit (Pippenger). Digits are of eight bits and signed, so that a point
// and its negative share a bucket.
func weighted(weights [][weightSize]byte, points []*edwards25519.Point) *edwards25519.Point {
	digits := make([][weightSize + 1]int8, len(weights))
	for i, w := range weights {
		digits[i] = digitsOf(w)
	}
	sum := edwards25519.NewIdentityPoint()
	for at := weightSize; at >= 0; at-- {
		for range 8 {
			sum.Add(sum, sum)
		}
		var b buckets
		for i, p := range points {
			b.put(int(digits[i][at]), p)
		}
		b.addTo(sum)
	}
	return sum
}

// digitsOf writes a weight in digits from -128 to 127, the lowest first.
func digitsOf(weight [weightSize]byte) (digits [weightSize + 1]int8) {
	carry := 0
	for i, b := range weight {
		d := int(b) + carry
		carry = (d + 128) >> 8
		digits[i] = int8(d - carry<<8)
	}
	digits[weightSize] = int8(carry)
	return digits
}

// buckets hold a sum of points for each digit but 0.
type buckets struct {
	sum  [129]edwards25519.Point
	used [129]bool
	top  int // the highest that is used
}

func (b *buckets) put(digit int, p *edwards25519.Point) {
	at := max(digit, -digit)
	bucket := &b.sum[at]
	switch {
	case digit == 0:
	case b.used[at] && digit > 0:
		bucket.Add(bucket, p)
	case b.used[at]:
		bucket.Subtract(bucket, p)
	case digit > 0:
		bucket.Set(p)
	default:
		bucket.Negate(p)
	}
	b.used[at] = true
	b.top = max(b.top, at)
}

// addTo adds each bucket to sum as many times as its digit says: bucket n is
// in n of the sums of the buckets from a digit up.
func (b *buckets) addTo(sum *edwards25519.Point) {
	if b.top == 0 {
		return
	}
	upward := new(edwards25519.Point).Set(&b.sum[b.top])
	sum.Add(sum, upward)
	for at := b.top - 1; at > 0; at-- {
		if b.used[at] {
			upward.Add(upward, &b.sum[at])
		}
		sum.Add(sum, upward)
	}
}

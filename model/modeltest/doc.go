// Package modeltest holds what tests of several rooms share: clocks and ids
// that count, generated people, employers, cases and wage rolls with valid
// identity numbers, and the suite that every journal must pass.
//
// Nobody in it exists: names are drawn from lists of common syllables and
// identity numbers from dates and a counter. It is imported by tests only.
package modeltest

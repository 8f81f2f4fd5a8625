// Package pack makes and reads form packages: a form, the papers it is printed
// on and the version of the law it was written for, as one signed file that
// never changes once it is made.
//
// The file is a plain bundle (see model/bundle) of kind "form" with the members
// form.md or form.xlsx, the source of the form as it was written, and
// papers/NAME.paper and papers/NAME.part, the templates. What the package is
// stands in the bundle's own data, see Meta.
//
// It refuses a package that is not whole or not signed by a key it was given,
// a form that does not compile or is not the one the package says, templates
// that do not load, and members it does not know. Where packages are kept and
// which of them is used is for others.
package pack

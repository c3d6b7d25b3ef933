"""The expression language: CEL, from text to checked trees and their values."""

//! Closed lists of words: an enum with its canonical spelling in one place.

/// Gives a closed list its canonical words, with `as_str`, `parse` and serde by them.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $word)] $variant,)* }

        impl $name {
            /// Every word's variant, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The canonical word.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// Finds the variant by its canonical word.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.as_str() == word)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
/// The same for a list whose words are told to people with what they mean: `describe` gives a variant's documentation, one line each.
macro_rules! described_words {
    ($(#[$doc:meta])* $name:ident { $(#[doc = $about:literal] $variant:ident = $word:literal,)* }) => {
        words! { $(#[$doc])* $name { $(#[doc = $about] $variant = $word,)* } }

        impl $name {
            /// One sentence for people.
            pub fn describe(self) -> &'static str {
                match self { $(Self::$variant => $about.trim_start(),)* }
            }
        }
    };
}
pub(crate) use described_words;
pub(crate) use words;

# SPDX-License-Identifier: Apache-2.0
# cmake -D OUTPUT=… -D INPUT=en.toml -P embed_texts.cmake: writes shipped_texts(). The file keeps to one text a line,
# `key = "text"`, whose escapes mean the same in TOML and in C++.
file(READ ${INPUT} texts)
string(REGEX REPLACE "\n#[^\n]*" "" texts "\n${texts}")
string(REGEX REPLACE "\n+" "\n" texts "${texts}")
string(REGEX REPLACE "\n([a-z0-9_.]+) = (\"[^\n]*\")" "\n    {\"\\1\", \\2}," rows "${texts}")
file(WRITE ${OUTPUT} "// Made by embed_texts.cmake from config/templates/en.toml.
#include \"daemon/alerts/texts.hpp\"

namespace nudged::alerts {
namespace {
constexpr ShippedText texts[] = {${rows}};
}  // namespace

std::span<const ShippedText> shipped_texts() {
    return texts;
}

}  // namespace nudged::alerts
")

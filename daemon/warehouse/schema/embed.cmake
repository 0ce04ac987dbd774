# SPDX-License-Identifier: Apache-2.0
# cmake -D OUTPUT=… -D "FILES=a.sql;b.sql" -P embed.cmake: writes the rows of migrations().
set(rows "")
list(SORT FILES)
foreach(file IN LISTS FILES)
    get_filename_component(name ${file} NAME_WE)
    string(REGEX MATCH "^0*([0-9]+)_" number ${name})
    file(READ ${file} sql)
    string(APPEND rows "    {${CMAKE_MATCH_1}, \"${name}\", R\"sql(${sql})sql\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Made by embed.cmake from the files beside it.
#include \"daemon/warehouse/schema.hpp\"

namespace nudged::warehouse {
namespace {
constexpr Migration rows[] = {
${rows}};
}  // namespace

std::span<const Migration> migrations() {
    return rows;
}

}  // namespace nudged::warehouse
")

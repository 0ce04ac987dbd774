# SPDX-License-Identifier: Apache-2.0
# cmake -D OUTPUT=… -D "FILES=a.sql;b.sql" -P embed.cmake: writes the rows of migrations() and view_scripts().
set(steps "")
set(views "")
list(SORT FILES)
foreach(file IN LISTS FILES)
    get_filename_component(name ${file} NAME_WE)
    file(READ ${file} sql)
    if(name MATCHES "^0*([0-9]+)_")
        string(APPEND steps "    {${CMAKE_MATCH_1}, \"${name}\", R\"sql(${sql})sql\"},\n")
    else()
        string(APPEND views "    {\"${name}\", R\"sql(${sql})sql\"},\n")
    endif()
endforeach()
file(WRITE ${OUTPUT} "// Made by embed.cmake from the files beside it.
#include \"daemon/warehouse/schema.hpp\"

namespace nudged::warehouse {
namespace {
constexpr Migration steps[] = {
${steps}};
constexpr ViewScript views[] = {
${views}};
}  // namespace

std::span<const Migration> migrations() {
    return steps;
}

std::span<const ViewScript> view_scripts() {
    return views;
}

}  // namespace nudged::warehouse
")

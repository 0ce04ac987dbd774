// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/names.hpp"

#include <set>

namespace nudged::crmsim {
namespace {

constexpr std::string_view places[] = {
    "Alder",       "Amber",      "Baltic",   "Birch",    "Blue Harbour", "Bright",   "Cedar",
    "Copperfield", "Coral",      "Delta",    "Eastgate", "Elbe",         "Falcon",   "Fjord",
    "Granite",     "Greenfield", "Hafen",    "Hartmann", "Helio",        "Isar",     "Juniper",
    "Keller",      "Lakeside",   "Linden",   "Lumen",    "Maple",        "Meridian", "Mistral",
    "Nordlicht",   "Oakridge",   "Orion",    "Pelikan",  "Quarry",       "Ravens",   "Rhône",
    "Saturn",      "Silva",      "Tamarack", "Umber",    "Vega",         "Vistula",  "Weser",
    "Willow",      "Zephyr",     "Østlund",  "Łódź"};
constexpr std::string_view trades[] = {
    "Tools",       "Logistics", "Foods",   "Systems",   "Optics",    "Packaging", "Energy",
    "Diagnostics", "Textiles",  "Freight", "Robotics",  "Insurance", "Paper",     "Software",
    "Clinics",     "Interiors", "Motors",  "Chemicals", "Print",     "Labs"};
constexpr std::string_view first_names[] = {
    "Aisha",  "Alice", "Anders", "Béla",  "Carla", "Chen",    "Dana",  "Diego", "Elif", "Emil",
    "Fatima", "Felix", "Gita",   "Greta", "Hanna", "Ibrahim", "Ines",  "Jakub", "Jana", "Jonas",
    "Kai",    "Karin", "Lars",   "Leila", "Liv",   "Luca",    "Magda", "Marek", "Mei",  "Milan",
    "Nadia",  "Nils",  "Noor",   "Olga",  "Oskar", "Paula",   "Petr",  "Priya", "Rana", "Rosa",
    "Sam",    "Sofía", "Tariq",  "Tilda", "Uwe",   "Vera",    "Wanda", "Yusuf", "Zoë",  "Åsa"};
constexpr std::string_view last_names[] = {
    "Abel",    "Adeyemi",   "Bauer",   "Bergström", "Bianchi", "Černý",  "Costa",    "Demir",
    "Duarte",  "Ek",        "Fischer", "Fontaine",  "García",  "Grün",   "Haddad",   "Holm",
    "Horvát",  "Ito",       "Jansen",  "Jensen",    "Kaya",    "Klein",  "Kowalska", "Lang",
    "Lehmann", "Lindqvist", "Marin",   "Meyer",     "Moreau",  "Nagy",   "Nguyen",   "Novak",
    "O'Neil",  "Okafor",    "Olsen",   "Patel",     "Pereira", "Petrov", "Popescu",  "Rao",
    "Reyes",   "Rossi",     "Sato",    "Schäfer",   "Silva",   "Singh",  "Sørensen", "Tanaka",
    "Thomas",  "Ulrich",    "Vargas",  "Vogel",     "Wagner",  "Weber",  "Wójcik",   "Yilmaz"};

}  // namespace

std::uint64_t Dice::roll() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

int Dice::between(int low, int high) {
    const auto span = static_cast<std::uint64_t>(high - low + 1);
    return low + static_cast<int>(roll() % span);
}

std::vector<std::string> company_names(Dice& dice, std::size_t count) {
    std::vector<std::string> names;
    std::set<std::string> taken;
    while (names.size() < count) {
        std::string name = std::string(dice.pick(places)) + " " + std::string(dice.pick(trades));
        if (taken.insert(name).second) names.push_back(std::move(name));
    }
    return names;
}

PersonName person_name(Dice& dice) {
    std::string first(dice.pick(first_names));
    return {std::move(first), std::string(dice.pick(last_names))};
}

std::string slug(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c >= 'A' && c <= 'Z')
            out += static_cast<char>(c - 'A' + 'a');
        else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            out += c;
        else if (!out.empty() && out.back() != '-')
            out += '-';
    }
    while (!out.empty() && out.back() == '-') out.pop_back();
    return out.empty() ? "x" : out;
}

std::span<const std::string> hostile_names() {
    static const std::array<std::string, 8> names{
        "<!channel> Müller & Söhne \"dringend\"",
        "*bold* _sly_ ~gone~ `code` & <https://evil.example|click me>",
        "Umbau \U0001F680\U0001F468\u200D\U0001F469\u200D\U0001F467 Familie & Co",
        "Invoice \u202Etxt.exe\u202C review",
        "<script>alert('x')</script>'; DROP TABLE deals;--",
        "=HYPERLINK(\"http://evil.example\",\"Offer\")",
        "Line one\nLine two\t<@U024BE7LH>",
        [] {
            std::string endless;
            while (endless.size() < 300) endless += "Renewal of the renewal ";
            return endless.substr(0, 300);
        }()};
    return names;
}

}  // namespace nudged::crmsim

// What HTTP calls a token, a control character and the same word: for those who read heads and
// those who write them. Pure.
#pragma once

#include <string>
#include <string_view>

namespace tocsin::front_door {

/// One or more of the characters a method or a header's name may have.
bool is_token(std::string_view text);
/// Any byte under 0x20 except the tab, or 0x7f.
bool has_control(std::string_view text);
/// Without spaces and tabs at both ends.
std::string_view trim(std::string_view text);
/// ASCII only, whatever the locale.
std::string lower_case(std::string_view text);
/// Equal but for ASCII case.
bool same_word(std::string_view a, std::string_view b);
/// Is `word` in the comma-separated list?
bool lists_token(std::string_view list, std::string_view word);

}  // namespace tocsin::front_door

// Text of a team's own: what a channel says between the headline and the link, or the body that a
// webhook is posted.
//
//   {{impact}}                     lines; {{words}} are replaced by what the message has of them
//   Ask {{team}} about {{service}}
//
// Words and templates are checked when the configuration is loaded, with a sample. What replaces a
// word is one line, whatever an alert says. A line all of whose words are empty is left out. Pure.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/channel.hpp"

namespace tocsin::connectors::channels {

/// The setting of every channel that takes one.
inline constexpr Field kTemplateField{
    "template", false, false, "what stands between the headline and the link, with {{words}}",
    "{{impact}}"};

class Template {
 public:
  /// Errors: invalid, naming the word that there is not, and those that there are.
  static Result<Template> parse(std::string_view text);

  std::string fill(const Notification& notification) const;
  /// What replaces a word stands inside a string of JSON.
  std::string fill_json(const Notification& notification) const;

 private:
  struct Piece {
    std::string text;
    std::string word;  // after the text; may be empty
  };
  using Line = std::vector<Piece>;
  using Escape = std::string (*)(const std::string&);
  std::string filled(const Notification& notification, Escape escape, bool leave_out) const;

  std::vector<Line> lines_;
};

/// The channel, which speaks with the words of the setting `template` if there is one: of pages, of
/// advice, and of what has no procedure. Errors: invalid, "channels.NAME.template: what is wrong".
Result<std::unique_ptr<Channel>> with_template(const Values& values,
                                               std::unique_ptr<Channel> channel);

/// The setting `template` as a body of JSON; nothing: there is none. Errors: invalid, likewise.
Result<std::shared_ptr<const Template>> body_template(const Values& values);

}  // namespace tocsin::connectors::channels

// All rotas laid out to be asked together, again and again: the same answers as on_call(), from few
// long rows of memory instead of very many small pieces, which is what asking ten thousand rotas
// costs. Worth making for more than one moment.
#pragma once

#include "router/oncall/rota.hpp"

namespace tocsin::oncall {

class Board {
 public:
  /// What it is made of outlives it and stays as it is.
  explicit Board(const Roster& roster);

  /// By rota, in the order of their names.
  std::vector<std::pair<std::string_view, OnCall>> everybody(At& at) const;

 private:
  struct Row {
    std::uint32_t begin = 0, end = 0;
  };
  struct Window {  // an override of somebody who exists
    WallTime from{}, until{};
    const Override* override = nullptr;
  };
  struct Turns {              // a layer
    std::int64_t start = 0;   // CivilTime::seconds
    std::int64_t length = 0;  // of each shift, in seconds; 0: it takes more to say
    const Layer* layer = nullptr;
    std::uint32_t zone = 0;
    Row hours;   // in hours_
    Row people;  // in turns_
  };
  struct Line {  // a rota
    const std::string* name = nullptr;
    Row windows;
    Row layers;
  };
  struct Now;

  std::uint32_t number_of(const Zone& zone);
  std::uint32_t number_of(const Directory& people, const std::string& name);
  void add_windows(const Directory& people, const std::vector<Override>& overrides);
  void add(const Rota& rota, const Layer& layer, const Directory& people);
  OnCall ask(const Line& line, const Now& now) const;
  OnCall ask(const Turns& turns, std::size_t layer, const Now& now) const;

  std::vector<Line> lines_;
  std::vector<Window> windows_;
  std::vector<Turns> layers_;
  std::vector<Schedule> hours_;
  std::vector<std::uint32_t> turns_;  // numbers of people, or kNobody
  std::vector<const Person*> people_;
  std::vector<Zone> zones_;
  std::map<std::string_view, std::uint32_t> numbers_;  // of people
};

}  // namespace tocsin::oncall

using System.CommandLine;
using FollowUp.Core.CarePlans;

namespace FollowUp.Cli.Commands;

/// <summary><c>validate</c>: everything that is wrong or doubtful in the care plans of a directory.</summary>
internal static class ValidateCommand
{
    private static readonly string[] Endings = [".yaml", ".yml"];

    public static Command Create()
    {
        Argument<string> path = new("directory") { Description = "A directory of care plans (*.yaml, *.yml, its subdirectories too), or one file." };
        Command command = new("validate", "Checks care plans and lists every problem with file, line and what to write instead. Exit code 1 when there are errors.")
        {
            path,
        };
        command.SetAction(parsed => CommandErrors.Catch(() => Validate(parsed.GetValue(path)!)));
        return command;
    }

    private static int Validate(string path)
    {
        List<string> files = Files(path);
        List<CarePlanProblem> problems = [];
        Dictionary<(string Id, int Version), string> seen = [];
        foreach (string file in files)
        {
            string yaml = File.ReadAllText(file);
            IReadOnlyList<CarePlanProblem> found = CarePlanValidator.Validate(yaml, file);
            problems.AddRange(found);
            if (found.All(problem => problem.IsWarning))
            {
                CarePlan plan = CarePlanReader.Read(yaml, file);
                if (!seen.TryAdd((plan.Id, plan.Version), file))
                {
                    problems.Add(new CarePlanProblem(
                        file, 1, $"Version {plan.Version} of the plan '{plan.Id}' is also in {seen[(plan.Id, plan.Version)]}.", "Give an edited plan the next version.", IsWarning: false));
                }
            }
        }

        int errors = problems.Count(problem => !problem.IsWarning);
        foreach (CarePlanProblem problem in problems)
        {
            (problem.IsWarning ? Console.Out : Console.Error).WriteLine(problem);
        }

        Console.WriteLine($"{files.Count} {(files.Count == 1 ? "plan" : "plans")}: {errors} {(errors == 1 ? "error" : "errors")}, {problems.Count - errors} {(problems.Count - errors == 1 ? "warning" : "warnings")}.");
        return errors == 0 ? 0 : 1;
    }

    private static List<string> Files(string path)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        if (!Directory.Exists(path))
        {
            throw new CommandException($"There is no directory '{path}'.");
        }

        List<string> files =
        [
            .. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .Where(file => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal),
        ];
        return files.Count > 0 ? files : throw new CommandException($"The directory '{path}' holds no care plans (*.yaml, *.yml).");
    }
}

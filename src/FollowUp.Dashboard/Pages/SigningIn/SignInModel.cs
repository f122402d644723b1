namespace FollowUp.Dashboard.Pages.SigningIn;

/// <summary>The page to sign in on.</summary>
/// <param name="Return">The dashboard's page to go on to.</param>
/// <param name="Error">What is wrong with the attempt; null before there is one.</param>
public sealed record SignInModel(string Name, string? Return, string? Error);

/// <summary>The page for those whom App Service authentication should have signed in.</summary>
/// <param name="IsTrusted">Whether the platform says that it signs people in.</param>
public sealed record AppServiceModel(bool IsTrusted);

/// <summary>The page to set one's own password on.</summary>
public sealed record PasswordModel(string? CurrentError, string? NewError);

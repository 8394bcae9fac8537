interface NavigationLike {
  canGoBack: boolean;
  canGoForward: boolean;
}

/** Where the frame's own history leads; browsers without the Navigation API are taken at their word. */
export function travel(): NavigationLike {
  const { navigation } = globalThis as { navigation?: NavigationLike };
  if (navigation) return { canGoBack: navigation.canGoBack, canGoForward: navigation.canGoForward };
  return { canGoBack: history.length > 1, canGoForward: history.length > 1 };
}
